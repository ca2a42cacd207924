"""Tests in real browsers, on built sites, the way a learner meets them."""
