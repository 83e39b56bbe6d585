from preferences.registry import Provider
PROVIDER = Provider("recommendations")
