using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Transfer;

/// <summary>Builds a network for transfer learning: a trained network with a new classifier.</summary>
internal static class TransferNetwork
{
    /// <summary>
    /// The model's layers up to a given one, then global average pooling where that gives a feature map, then a dense layer for the
    /// classes. A model with the same classes and task keeps its own classifier, unless a layer is given, or one is to be fitted and it is
    /// no dense layer with biases. Null where errors were added.
    /// </summary>
    /// <param name="model">The model to start from.</param>
    /// <param name="modelClasses">Its classes.</param>
    /// <param name="classes">The classes to train.</param>
    /// <param name="upTo">The last layer to keep; null: the one before the model's classifier.</param>
    /// <param name="task">Whether each class is to have a probability of its own.</param>
    /// <param name="isFitted">Whether the classifier is to be fitted.</param>
    /// <param name="errors">Receives broken rules under <c>startFrom</c>.</param>
    public static ResolvedNetwork? Create(
        ResolvedNetwork model, IReadOnlyList<string> modelClasses, IReadOnlyList<string> classes, DatasetTask task, string? upTo,
        bool isFitted, ValidationErrors errors)
    {
        var isMultiLabel = task == DatasetTask.MultiLabel;
        if (upTo is null && model.HasClasses && model.IsMultiLabel == isMultiLabel && modelClasses.SequenceEqual(classes)
            && (!isFitted || model.Output.Spec is DenseLayer { UseBias: true }))
        {
            return model;
        }

        var end = upTo is null ? BeforeClassifier(model) : model.Find(upTo);
        if (end is null)
        {
            errors.Add("startFrom.upTo", upTo is null
                ? "must be given: the model has no layer before its classifier"
                : $"must be a layer of the model, received \"{upTo}\"; its layers are "
                    + $"{string.Join(", ", model.Layers.Select(layer => layer.Name))}");
            return null;
        }

        var layers = Leading(model, end);
        if (end.OutputShape.IsMap)
        {
            layers.Add(new GlobalAveragePooling2dLayer { Name = UniqueName(model, "pool"), Inputs = [end.Name] });
        }

        var classifier = new DenseLayer { Name = UniqueName(model, "classifier"), Units = Units.Classes };
        layers.Add(isMultiLabel ? MultiLabelHead.Create(classifier, classes.Count) : classifier);
        return NetworkSpecValidator.Resolve(model.Spec with { Layers = layers }, classes.Count, errors, "startFrom", isMultiLabel);
    }

    /// <summary>The input of the last layer with weights, dropout skipped; for a network without classes, its last layer.</summary>
    public static ResolvedLayer? BeforeClassifier(ResolvedNetwork model)
    {
        if (!model.HasClasses)
        {
            return model.Output;
        }

        var classifier = model.Layers.LastOrDefault(layer => layer.Parameters > 0 && layer.Spec is DenseLayer or Conv2dLayer);
        var before = classifier is null ? null : model.Find(classifier.Inputs[0]);
        while (before?.Spec is DropoutLayer)
        {
            before = model.Find(before.Inputs[0]);
        }

        return before;
    }

    private static List<LayerSpec> Leading(ResolvedNetwork model, ResolvedLayer end)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal) { end.Name };
        var layers = new List<LayerSpec>();
        foreach (var layer in model.Layers.Reverse().Where(layer => needed.Contains(layer.Name)))
        {
            needed.UnionWith(layer.Inputs);
            layers.Add(layer.Spec with { Inputs = layer.Inputs });
        }

        layers.Reverse();
        return layers;
    }

    private static string UniqueName(ResolvedNetwork model, string name)
    {
        var free = name;
        for (var number = 2; model.Find(free) is not null; number++)
        {
            free = $"{name}_{number}";
        }

        return free;
    }
}
