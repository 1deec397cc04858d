/** JSON, names of constants and bounded text, in one way for the whole relay. This package knows no other package of the relay. */
@NullMarked
package io.licenserelay.text;

import org.jspecify.annotations.NullMarked;
