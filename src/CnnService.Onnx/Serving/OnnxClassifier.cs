using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Onnx.Serving;

/// <inheritdoc cref="IClassifier"/>
internal sealed class OnnxClassifier(ServedModels models) : IClassifier
{
    public async ValueTask<Outcome<ClassProbabilities>> ClassifyAsync(LoadedModel model, PixelBuffer picture, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        var places = models.Enter(model, 1);
        if (places.Problem is { } problem)
        {
            return problem;
        }

        using (places.Value)
        {
            return await places.Value.ClassifyAsync(picture, cancel);
        }
    }

    public Outcome<IPlaces> Enter(LoadedModel model, int pictures)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures, 1);
        return models.Enter(model, pictures).Bind(places => Outcome.Success<IPlaces>(places));
    }

    public async ValueTask<Problem?> LoadAsync(LoadedModel model, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var use = models.Look(model);
        return (await use.LoadedAsync(cancel)).Problem;
    }

    public void Unload(string folder) => models.Unload(folder);
}
