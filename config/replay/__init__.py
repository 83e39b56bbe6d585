"""`manage.py replay_people`: real people's answers, taken through the whole app by the services that the web uses."""
