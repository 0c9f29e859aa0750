/** The proxy that the environment of the process asks for. */
@NullMarked
package io.nuner.cli.proxy;

import org.jspecify.annotations.NullMarked;
