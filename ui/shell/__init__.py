"""The frame round every screen: call bar, banner, navigation, action bar, safety card."""
