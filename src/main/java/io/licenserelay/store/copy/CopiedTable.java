package io.licenserelay.store.copy;

/**
 * A table of both databases after the copy.
 *
 * @param source the content of the source
 * @param target the content of the target, read back from it
 */
public record CopiedTable(String name, Content source, Content target) {
    /**
     * The rows of a table.
     *
     * @param rows how many
     * @param digest over all rows in a form that both databases share, in any order: 64 hexadecimal digits
     */
    public record Content(long rows, String digest) {}

    /** Whether both databases have the same rows. */
    public boolean isEqual() {
        return source.equals(target);
    }
}
