using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Web.Registry;

/// <summary>An alias in use moves only to a version that is loaded already: whoever asks by the alias never waits for, nor meets, a broken one.</summary>
internal sealed class LoadedFirst(ModelRegistry registry, IClassifier classifier)
{
    /// <summary>
    /// Loads a version and asks it once. Null where it answers; problem codes: <c>model.not-loadable</c> (409), those of finding it, and
    /// those of a service that is busy.
    /// </summary>
    public async Task<Problem?> RefusalAsync(string name, int version, CancellationToken cancel)
    {
        var model = await registry.ResolveAsync(name, version).ConfigureAwait(false);
        var problem = model.Problem ?? await AskAsync(model.Value, cancel).ConfigureAwait(false);
        return problem is { Code: "model.corrupt" or "classify.failed" }
            ? Problem.Conflict("model.not-loadable", $"An alias cannot move to version {version} of model '{name}', which cannot be loaded: {problem.Detail}")
            : problem;
    }

    private async Task<Problem?> AskAsync(LoadedModel model, CancellationToken cancel)
    {
        if (!model.Network.HasClasses)
        {
            return null; // It is never classified with; its files were verified.
        }

        var (height, width, channels) = model.Network.Spec.Input;
        return (await classifier.ClassifyAsync(model, new PixelBuffer(width, height, channels), cancel).ConfigureAwait(false)).Problem;
    }
}
