using CnnService.Core.Classification;

namespace CnnService.Web.Hosting;

/// <summary>Tries the device that serves models when the service starts, not at its first request, and logs what came of it.</summary>
internal sealed partial class ServingDeviceProbe(IServingDevice serving, ILogger<ServingDeviceProbe> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(Log, stoppingToken);

    private void Log()
    {
        if (serving.Device.Problem is { } problem)
        {
            LogMissing(problem.Detail);
        }
        else if (serving.Note is { } note)
        {
            LogProcessor(note);
        }
        else
        {
            LogDevice(serving.Device.Value);
        }
    }
}
