using System.Diagnostics;
using CnnService.Core.Training;
using CnnService.Engines;

namespace CnnService.Web.Work;

/// <summary>Times this machine in a process of its own, which has the cores and the memory to itself as a training has.</summary>
internal sealed class SpeedProcess(IConfiguration configuration, GpuShare gpu)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The speed; null where it could not be timed, took longer than two minutes, or was cancelled.</summary>
    /// <param name="cancel">Ends the process.</param>
    public async Task<MachineSpeed?> MeasureAsync(CancellationToken cancel)
    {
        var start = OwnProcess.Start(SpeedChild.Verb, "once");
        OwnProcess.PassConfiguration(start, configuration, CnnEngines.Sections);
        gpu.PassTo(start);
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var measured = SpeedChild.Find(await process.StandardOutput.ReadToEndAsync(limit.Token));
            await errors;
            await process.WaitForExitAsync(limit.Token);
            return measured;
        }
        catch (OperationCanceledException)
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
    }
}
