package io.licenserelay.config.yaml;

/**
 * The text of one setting and its source.
 *
 * @param line from 1; 0 if the source has no lines
 */
public record Setting(String value, String place, int line) {}
