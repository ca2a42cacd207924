print(':::')
