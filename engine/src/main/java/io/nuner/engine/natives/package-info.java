/** Native libraries: where they lie, that they are what they should be, that nobody else can change them, and a process to try them in. */
@NullMarked
package io.nuner.engine.natives;

import org.jspecify.annotations.NullMarked;
