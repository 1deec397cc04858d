/**
 * SSM's interface: the requests of a pull and of a push, and the readers of their answers. It knows wire formats; the inventory's
 * records say what an inventory is.
 */
@NullMarked
package io.licenserelay.ssm;

import org.jspecify.annotations.NullMarked;
