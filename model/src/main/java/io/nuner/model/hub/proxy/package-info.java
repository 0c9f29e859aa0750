/** The proxy that the environment of the process asks for. */
@NullMarked
package io.nuner.model.hub.proxy;

import org.jspecify.annotations.NullMarked;
