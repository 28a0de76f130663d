"""Settings, routes, commands; nobody imports it. It stays free of imports: manage.py enters it before anything is installed."""
