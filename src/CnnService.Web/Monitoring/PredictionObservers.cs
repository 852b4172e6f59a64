using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Monitoring;

/// <summary>Passes classified images to shadow traffic and capture.</summary>
internal sealed class PredictionObservers(
    MonitoringSettings settings, ShadowTraffic shadows, CaptureTraffic captures, ShadowStore shadowStore, CaptureStore captureStore,
    Baselines baselines, DataFolders folders)
{
    /// <summary>Ends shadow and capture of a deleted model, and deletes its captured images, counts and baselines.</summary>
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

    /// <summary>Passes images on after the response is sent, so that none of this adds to the client's latency.</summary>
    /// <param name="http">The request that was answered.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="images">Called only if the model has a shadow or capture.</param>
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
