/**
 * Three real relays on one PostgreSQL, which are killed, paused and cut off, and the counts of what they did wrong. Everything is
 * counted from outside: in the database, on the topics, and in the simulated SSM.
 */
@NullMarked
package io.licenserelay.chaos;

import org.jspecify.annotations.NullMarked;
