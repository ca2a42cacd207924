"""The site's search: what pages say, which words stand where, and the files that browsers ask."""
