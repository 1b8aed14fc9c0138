"""The connectors beside the published specifications of the services they speak to."""
