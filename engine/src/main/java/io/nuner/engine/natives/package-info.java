/** Native libraries: where they lie, that they are what they should be, and that nobody else can change them. */
@NullMarked
package io.nuner.engine.natives;

import org.jspecify.annotations.NullMarked;
