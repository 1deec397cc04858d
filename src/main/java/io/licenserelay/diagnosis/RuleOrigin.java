package io.licenserelay.diagnosis;

/**
 * Where a cause of one's own comes from.
 *
 * @param file as people name it: {@code diagnoses.d/10-disk.yaml}
 * @param line of its code
 * @param replaces it is in the place of an entry that the catalogue has without that file
 */
public record RuleOrigin(String file, int line, boolean replaces) {
    /** Of the file, without its folder. */
    String name() {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    /** {@code added} or {@code replaced}: what the file does to the catalogue. */
    public String effect() {
        return replaces ? "replaced" : "added";
    }
}
