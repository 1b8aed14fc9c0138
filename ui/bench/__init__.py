"""What `helpdesk bench` measures of the window."""
