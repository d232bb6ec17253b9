<?php

declare(strict_types=1);

namespace Plasm\Tests\Support;

use PHPUnit\Framework\Assert;
use Plasm\Result;

/** The programs and guests that the integration tests run. */
final class Programs
{
    /** PLASMD says where it is; without it there is nothing to test. */
    public static function plasmd(): string
    {
        $path = getenv('PLASMD') ?: '';
        if ($path === '') {
            Assert::markTestSkipped('PLASMD does not say where plasmd is');
        }

        return $path;
    }

    public static function hello(): string
    {
        return self::examples() . '/hello.wasm';
    }

    public static function guest(string $name): string
    {
        return self::examples() . "/guests/$name.wasm";
    }

    /** A file that the guest kept, as saveFile gives it. */
    public static function saved(Result $result, string $path): string
    {
        $to = fopen('php://memory', 'w+b');
        Assert::assertIsResource($to);
        $result->saveFile($path, $to);
        rewind($to);

        return (string) stream_get_contents($to);
    }

    /**
     * Runs plasmd and gives what it prints.
     *
     * @param list<string> $arguments
     */
    public static function run(array $arguments): string
    {
        $process = proc_open([self::plasmd(), ...$arguments], [1 => ['pipe', 'w']], $pipes);
        Assert::assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);
        Assert::assertSame(0, proc_close($process), implode(' ', $arguments));

        return trim($output);
    }

    private static function examples(): string
    {
        return getenv('PLASM_EXAMPLES') ?: dirname(__DIR__, 4) . '/examples';
    }
}
