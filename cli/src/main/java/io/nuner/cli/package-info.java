@NullMarked
package io.nuner.cli;

import org.jspecify.annotations.NullMarked;
