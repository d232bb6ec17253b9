<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** Bytes from outside that do not have the form of what they should be. Nothing was taken. */
final class MalformedException extends \InvalidArgumentException implements PlasmException
{
}
