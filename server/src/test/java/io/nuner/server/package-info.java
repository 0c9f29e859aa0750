@NullMarked
package io.nuner.server;

import org.jspecify.annotations.NullMarked;
