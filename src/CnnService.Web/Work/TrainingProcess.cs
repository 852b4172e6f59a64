using System.Diagnostics;
using System.Runtime.CompilerServices;
using CnnService.Engines;
using CnnService.Imaging.Codec;

namespace CnnService.Web.Work;

/// <summary>A training process as its parent sees it. Disposing kills what still runs.</summary>
internal sealed class TrainingProcess : IAsyncDisposable
{
    private const int TailLines = 20;

    private readonly Process _process;
    private readonly Queue<string> _tail = []; // The last lines that were no messages; locked by itself.

    private TrainingProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginErrorReadLine();
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
        var start = OwnProcess.Of(TrainingChild.Verb, folder);
        OwnProcess.HandOver(start, configuration, CnnEngines.Sections);
        start.Environment[$"{ImagingOptions.Section}__{nameof(ImagingOptions.PixelCacheFolder)}"] = pixelCache;
        return new TrainingProcess(Process.Start(start)!);
    }

    /// <summary>Its messages until it closes its output.</summary>
    public async IAsyncEnumerable<ChildMessage> MessagesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancel) is { } line)
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

        await _process.WaitForExitAsync(cancel);
    }

    /// <summary>Tells it to write a checkpoint and end.</summary>
    public async Task CancelAsync()
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(TrainingChild.CancelLine);
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended by itself; its exit tells the rest.
        }
    }

    public void Kill() => _process.Kill(entireProcessTree: true);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
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
