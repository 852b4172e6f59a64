using System.Diagnostics;
using System.Threading.Channels;
using CnnService.Engines;
using CnnService.Imaging.Codec;

namespace CnnService.Web.Work;

/// <summary>A training process as its parent sees it. Disposing kills what still runs.</summary>
internal sealed class TrainingProcess : IAsyncDisposable
{
    private const int TailLines = 20;

    /// <summary>More wait only for a process that does not read; then the oldest are of no use.</summary>
    private const int MaxOrders = 64;

    private readonly Process _process;
    private readonly Channel<ChildOrder> _orders = Channel.CreateBounded<ChildOrder>(
        new BoundedChannelOptions(MaxOrders) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Task _telling;
    private readonly Queue<string> _tail = []; // The last lines that were no messages; locked by itself.

    private TrainingProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginErrorReadLine();
        _telling = TellAllAsync();
    }

    public int ExitCode => _process.ExitCode;

    /// <summary>What it printed last besides messages, for diagnosis.</summary>
    public string Tail
    {
        get
        {
            lock (_tail)
            {
                return string.Join('\n', _tail);
            }
        }
    }

    public static TrainingProcess Start(string folder, string pixelCache, IConfiguration configuration)
    {
        var start = OwnProcess.Start(TrainingChild.Verb, folder);
        OwnProcess.HandOver(start, configuration, CnnEngines.Sections);
        start.Environment[$"{ImagingOptions.Section}__{nameof(ImagingOptions.PixelCacheFolder)}"] = pixelCache;
        return new TrainingProcess(Process.Start(start)!);
    }

    /// <summary>Its messages until it closes its output.</summary>
    public async IAsyncEnumerable<ChildMessage> MessagesAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (ChildMessage.Parse(line) is { } message)
            {
                yield return message;
            }
            else
            {
                Remember(line);
            }
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Sends an order. Orders are written in their turn; one to a process that has ended is let go.</summary>
    public void Tell(ChildOrder order) => _orders.Writer.TryWrite(order);

    public void Kill() => _process.Kill(entireProcessTree: true);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        _orders.Writer.Complete();
        await _telling;
        _process.Dispose();
    }

    private async Task TellAllAsync()
    {
        try
        {
            await foreach (var order in _orders.Reader.ReadAllAsync())
            {
                await _process.StandardInput.WriteLineAsync(order.ToLine());
                await _process.StandardInput.FlushAsync();
            }
        }
        catch (IOException)
        {
            // It has ended by itself; its exit tells the rest.
        }
    }

    private void Remember(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_tail)
        {
            _tail.Enqueue(line);
            while (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }
    }
}
