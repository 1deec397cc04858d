package io.licenserelay.config.yaml;

/**
 * The text of one setting and where it stands.
 *
 * @param line 0 where there are no lines
 */
public record Setting(String value, String place, int line) {}
