/** Measurements of long texts on a running server: what is found, how soon, and what others feel of it. */
@NullMarked
package io.nuner.load.document;

import org.jspecify.annotations.NullMarked;
