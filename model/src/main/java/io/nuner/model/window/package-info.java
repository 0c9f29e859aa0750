/** What is asked for, and a long text in windows that overlap. */
@NullMarked
package io.nuner.model.window;

import org.jspecify.annotations.NullMarked;
