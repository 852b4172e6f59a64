using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Monitoring;

/// <summary>Where answered images are handed over.</summary>
internal sealed class PredictionObservers(
    MonitoringSettings settings, ShadowTraffic shadows, CaptureTraffic captures, ShadowStore shadowStore, CaptureStore captureStore,
    Baselines baselines, DataFolders folders)
{
    /// <summary>Ends all that is done behind a model's answers and deletes what was kept of them: the model is gone.</summary>
    public async Task ForgetAsync(string model)
    {
        await shadowStore.EndAsync(model);
        await captureStore.ForgetAsync(model);
        await settings.RefreshAsync();
        baselines.Forget(model);
        if (Directory.Exists(folders.CapturedOf(model)))
        {
            Directory.Delete(folders.CapturedOf(model), recursive: true);
        }
    }

    /// <summary>Hands images over once the answer is sent: nothing of this is on the caller's way.</summary>
    /// <param name="http">The request that was answered.</param>
    /// <param name="model">That answered it.</param>
    /// <param name="images">Asked for only where the model is watched.</param>
    public void Answered(HttpContext http, string model, Func<IEnumerable<ObservedImage>> images)
    {
        if (settings.ShadowOf(model) is null && settings.CaptureOf(model) is null)
        {
            return;
        }

        http.Response.OnCompleted(() =>
        {
            foreach (var image in images())
            {
                shadows.Offer(image);
                captures.Offer(image);
            }

            return Task.CompletedTask;
        });
    }
}
