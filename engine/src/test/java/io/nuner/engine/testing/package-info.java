/** Test support for everything that runs or implements an engine: a fake, and the kit each engine must pass. */
@NullMarked
package io.nuner.engine.testing;

import org.jspecify.annotations.NullMarked;
