/** JSON, names of constants, bounded text and counted streams, in one way for the whole relay. It knows no other package of the relay. */
@NullMarked
package io.licenserelay.text;

import org.jspecify.annotations.NullMarked;
