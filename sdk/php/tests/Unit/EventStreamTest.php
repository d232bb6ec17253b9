<?php

declare(strict_types=1);

namespace Plasm\Tests\Unit;

use PHPUnit\Framework\TestCase;
use Plasm\Exception\CorruptException;
use Plasm\Http\EventStream;

final class EventStreamTest extends TestCase
{
    private const TEXT = ": hello\n\nid: 1-0-0\nevent: state\ndata: {\"state\":\"running\"}\n\n:\n\n"
        . "event:stdout\r\nid:1-3-0\r\ndata:a\r\ndata: b\r\nretry: 5\r\n\r\ndata\n\nevent: end\n";

    public function testGivesTheSameHoweverTheBytesCome(): void
    {
        $expected = [
            ['kind' => 'state', 'id' => '1-0-0', 'data' => '{"state":"running"}'],
            ['kind' => 'stdout', 'id' => '1-3-0', 'data' => "a\nb"],
            ['kind' => '', 'id' => null, 'data' => ''],
        ];
        foreach ([1, 2, 3, 7, 1000] as $size) {
            $stream = new EventStream();
            $events = [];
            foreach (str_split(self::TEXT, $size) as $piece) {
                array_push($events, ...$stream->take($piece));
            }
            self::assertSame($expected, $events, "in pieces of $size");
        }
    }

    public function testAnEventThatNeverEndsIsRefused(): void
    {
        $stream = new EventStream();
        $this->expectException(CorruptException::class);
        for ($i = 0; $i < 40; ++$i) {
            $stream->take('data: ' . str_repeat('a', 1 << 19) . "\n");
        }
    }

    public function testALineThatNeverEndsIsRefused(): void
    {
        $stream = new EventStream();
        $this->expectException(CorruptException::class);
        for ($i = 0; $i < 40; ++$i) {
            $stream->take(str_repeat('a', 1 << 19));
        }
    }
}
