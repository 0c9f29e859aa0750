@NullMarked
package io.nuner.micro;

import org.jspecify.annotations.NullMarked;
