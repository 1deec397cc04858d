package io.licenserelay.diagnosis;

/**
 * The origin of a cause that an operator's file defines.
 *
 * @param file the file relative to the configuration folder: {@code diagnoses.d/10-disk.yaml}
 * @param line the line of the cause's code
 * @param replaces whether the cause replaces one of the catalogue
 */
public record RuleOrigin(String file, int line, boolean replaces) {
    /** The file name without its folder. */
    String name() {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    /** {@code added} or {@code replaced}: how the file changes the catalogue. */
    public String effect() {
        return replaces ? "replaced" : "added";
    }
}
