using System.Diagnostics;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Engines;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Work;

/// <summary>
/// How fast this machine trains and serves: timed once, in a process of its own, and kept in the data directory; the file can be deleted to
/// have it timed again. Thread safe.
/// </summary>
internal sealed class KnownSpeed(DataFolders folders, IConfiguration configuration) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private MachineSpeed? _known;

    /// <summary>What is known already; null: it has not been timed.</summary>
    public MachineSpeed? Find() => _known ??= Read();

    /// <summary>The measured speed; times it where that has not been done. A typical one where it cannot be timed.</summary>
    public async Task<MachineSpeed> GetAsync(CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            return Find() ?? await MeasureAsync(cancel) ?? MachineSpeed.Typical(Environment.ProcessorCount);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task<MachineSpeed?> MeasureAsync(CancellationToken cancel)
    {
        var start = OwnProcess.Start(SpeedChild.Verb, "once");
        OwnProcess.PassConfiguration(start, configuration, CnnEngines.Sections);
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            _known = SpeedChild.Find(await process.StandardOutput.ReadToEndAsync(limit.Token));
            await errors;
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        if (_known is { } measured)
        {
            DurableFile.Write(folders.Speed, JsonSerializer.SerializeToUtf8Bytes(measured, CoreJson.Indented));
        }

        return _known;
    }

    /// <summary>Null where there is no file, or it does not read: it is then timed again.</summary>
    private MachineSpeed? Read()
    {
        try
        {
            return File.Exists(folders.Speed)
                ? JsonSerializer.Deserialize<MachineSpeed>(RegularFile.ReadAllBytes(folders.Speed), CoreJson.Options)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
