package io.licenserelay.evidence.excerpt;

import org.jspecify.annotations.Nullable;

/**
 * Which bytes of which file an excerpt rests on.
 *
 * @param inode device and inode, where the file system has them: the same file after it was renamed
 * @param size of the file in bytes when it was read
 * @param from offset of the first byte, in what a compressed file holds when it is one
 * @param to offset behind the last byte
 * @param sha256 HMAC-SHA-256 of these bytes in hexadecimal, under a key that changes when the relay starts and is never
 *     written: a plain digest of bytes that hold a password would confirm guesses at it
 */
public record ByteRange(String path, @Nullable String inode, long size, long from, long to, String sha256) {}
