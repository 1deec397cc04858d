/**
 * SSM's API: the requests of a pull and of a push, and the readers of their answers. This package contains the wire formats; package
 * {@code inventory} contains the data model.
 */
@NullMarked
package io.licenserelay.ssm;

import org.jspecify.annotations.NullMarked;
