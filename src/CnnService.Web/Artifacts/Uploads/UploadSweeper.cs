namespace CnnService.Web.Artifacts.Uploads;

/// <summary>Deletes abandoned uploads, a look every tenth of their lifetime. A failure is logged and tried again.</summary>
internal sealed partial class UploadSweeper(UploadStore uploads, TimeProvider clock, ILogger<UploadSweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(uploads.Lifetime / 10, clock);
        do
        {
            try
            {
                uploads.Sweep();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                LogFailed(failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
