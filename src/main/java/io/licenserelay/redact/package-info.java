/**
 * Takes secrets out of text before it is written, sent or shown. Knows no other package: it is given values and text.
 * Values nobody told are found by where they stand: {@link io.licenserelay.redact.KeyNames} behind names,
 * {@link io.licenserelay.redact.Phrases} behind the words of tables ({@link io.licenserelay.redact.DevicePhrases},
 * {@link io.licenserelay.redact.ServerPhrases}, {@link io.licenserelay.redact.SentencePhrases}),
 * {@link io.licenserelay.redact.CommandLines} behind options of commands. A new place is a line in a table, and a line in
 * {@code redact/secret-shapes.txt} of the tests. What is found is replaced by a mark, the same one for the same secret, so that a reader can still follow it.
 */
@NullMarked
package io.licenserelay.redact;

import org.jspecify.annotations.NullMarked;
