package io.licenserelay.site;

/**
 * The text of one setting and where it stands.
 *
 * @param line 0 where there are no lines
 */
record Setting(String value, String place, int line) {}
