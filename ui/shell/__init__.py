"""The frame of the window: call bar, patient banner, navigation, action bar, and the cards that lie over them."""
