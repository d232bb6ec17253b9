<?php

declare(strict_types=1);

namespace Plasm\Tests\Unit;

use PHPUnit\Framework\TestCase;
use Plasm\Document\JobManifest;
use Plasm\Exception\MalformedException;
use Plasm\JobOrder;
use Plasm\Remote\JobPlan;
use Plasm\Transport\OrderedJob;

final class JobOrderTest extends TestCase
{
    /** @return iterable<string, array{array<string, mixed>}> */
    public static function wrong(): iterable
    {
        yield 'an unknown option' => [['cpus' => 1]];
        yield 'a number as a string' => [['memory_mb' => '64']];
        yield 'true' => [['max_seconds' => true]];
        yield 'a fraction' => [['max_seconds' => 1.5]];
        yield 'too much memory' => [['memory_mb' => 4097]];
        yield 'no time' => [['max_seconds' => 0]];
        yield 'a NUL in an argument' => [['args' => ["a\0b"]]];
        yield 'an argument that is a number' => [['args' => [1]]];
        yield 'arguments in one string' => [['args' => 'a b']];
        yield 'an equals sign in a name' => [['env' => ['A=B' => 'c']]];
        yield 'a folder that is not there' => [['inputs' => ['/in' => '/nonexistent']]];
        yield 'a seed in upper case' => [['seed' => str_repeat('A', 64)]];
        yield 'a short nonce' => [['nonce' => 'abcd']];
        yield 'an unknown profile' => [['profile' => 'fast']];
        yield 'no time of that form' => [['not_after' => 'tomorrow']];
        yield 'a header in an idempotency key' => [['idempotency_key' => "a\r\nX: y"]];
        yield 'a path in a job id' => [['job_id' => 'job-../../x']];
    }

    /**
     * @dataProvider wrong
     *
     * @param array<string, mixed> $options
     */
    public function testRefusesAndNamesTheOption(array $options): void
    {
        $this->expectException(MalformedException::class);
        $this->expectExceptionMessageMatches('/^option ' . array_keys($options)[0] . '/');
        JobOrder::fromOptions(__FILE__, $options);
    }

    public function testEachOrderHasANonceAndAnIdOfItsOwn(): void
    {
        $one = JobOrder::fromOptions(__FILE__);
        $other = JobOrder::fromOptions(__FILE__);
        self::assertNotSame($one->nonce, $other->nonce);
        self::assertMatchesRegularExpression('/^job-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/D', $one->jobId);
    }

    public function testItsManifestSaysWhatWasOrdered(): void
    {
        $order = JobOrder::fromOptions(__FILE__, ['memory_mb' => 64, 'max_seconds' => 2, 'args' => ['a', "\xFF"],
            'env' => ['K' => 'v'], 'stdin' => 'in', 'outputs' => ['/out', '/out'], 'start_time' => 0]);
        $manifest = JobManifest::parse(JobPlan::of($order)->manifest);
        self::assertSame([basename(__FILE__), 'a', "\xFF"], $manifest->args);
        self::assertSame(['K=v'], $manifest->env);
        self::assertSame('in', $manifest->inlineStdin);
        self::assertSame(['/out'], $manifest->outputs);
        self::assertSame(['67108864', '2000'], [$manifest->limits->memoryBytes, $manifest->limits->wallTimeMs]);
        self::assertSame('0', $manifest->startTime);
        self::assertSame($order->nonce, $manifest->nonce);
        self::assertNull(OrderedJob::difference($order, (string) hash_file('sha256', __FILE__), $manifest));
    }

    /** @return iterable<string, array{array<string, mixed>, string}> */
    public static function otherOrders(): iterable
    {
        yield 'other arguments' => [['args' => ['b']], 'args'];
        yield 'other environment' => [['env' => ['A' => 'c']], 'env'];
        yield 'other input' => [['stdin' => 'other'], 'stdin'];
        yield 'less input than was read' => [['stdin' => 'i'], 'stdin'];
        yield 'other limits' => [['memory_mb' => 65], 'limits'];
        yield 'another profile' => [['profile' => 'live'], 'profile'];
        yield 'another seed' => [['seed' => str_repeat('1', 64)], 'seed'];
        yield 'another nonce' => [['nonce' => str_repeat('2', 32)], 'nonce'];
        yield 'other outputs' => [['outputs' => ['/o']], 'outputs'];
        yield 'another deadline' => [['not_after' => '2030-01-01T00:00:00Z'], 'notAfter'];
    }

    /**
     * @dataProvider otherOrders
     *
     * @param array<string, mixed> $change
     */
    public function testAManifestOfAnotherOrderIsSeen(array $change, string $difference): void
    {
        $options = ['args' => ['a'], 'stdin' => 'in', 'nonce' => str_repeat('0', 32), 'seed' => str_repeat('0', 64)];
        $digest = (string) hash_file('sha256', __FILE__);
        $manifest = JobManifest::parse(JobPlan::of(JobOrder::fromOptions(__FILE__, $options))->manifest);
        $order = JobOrder::fromOptions(__FILE__, $change + $options);
        self::assertSame($difference, OrderedJob::difference($order, $digest, $manifest));
        self::assertSame('module', OrderedJob::difference($order, str_repeat('0', 64), $manifest));
    }

    public function testAGuestMayHaveReadTheBeginningOfItsInput(): void
    {
        $options = ['nonce' => str_repeat('0', 32)];
        $manifest = JobManifest::parse(JobPlan::of(JobOrder::fromOptions(__FILE__, ['stdin' => 'in'] + $options))->manifest);
        $order = JobOrder::fromOptions(__FILE__, ['stdin' => 'in and more'] + $options);
        self::assertNull(OrderedJob::difference($order, (string) hash_file('sha256', __FILE__), $manifest));
    }
}
