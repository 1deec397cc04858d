package io.licenserelay.evidence.excerpt;

import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file that an excerpt was read from.
 *
 * @param inode device and inode, if the file system has them; they identify the file after a rename
 * @param size of the file in bytes when it was read
 * @param from offset of the first byte, within the uncompressed data of a compressed file
 * @param to offset after the last byte
 * @param sha256 HMAC-SHA-256 of these bytes in hexadecimal. The key changes at each start of the relay and is never written, because a
 *     plain digest would confirm guesses at a password in the bytes
 */
public record ByteRange(String path, @Nullable String inode, long size, long from, long to, String sha256) {}
