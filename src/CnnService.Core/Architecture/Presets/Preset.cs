namespace CnnService.Core.Architecture.Presets;

/// <summary>A predefined network architecture.</summary>
public sealed class Preset
{
    private readonly Func<int, InputSpec, IEnumerable<LayerSpec>> _layers;

    internal Preset(string name, string description, InputSpec input, int classes, Func<int, IEnumerable<LayerSpec>> layers)
        : this(name, description, input, classes, (count, _) => layers(count))
    {
    }

    /// <summary>A network whose layers depend on the size of the input image.</summary>
    internal Preset(string name, string description, InputSpec input, int classes, Func<int, InputSpec, IEnumerable<LayerSpec>> layers)
    {
        Name = name;
        Description = description;
        DefaultInput = input;
        DefaultClasses = classes;
        _layers = layers;
    }

    /// <summary>As in the request field <c>architecture</c>.</summary>
    public string Name { get; }

    /// <summary>One sentence: what it is and where it comes from.</summary>
    public string Description { get; }

    /// <summary>The input size it was designed for.</summary>
    public InputSpec DefaultInput { get; }

    /// <summary>The number of classes it was designed for; used to show it without a data set.</summary>
    public int DefaultClasses { get; }

    /// <summary>The network, not validated: the input may be too small for it.</summary>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <param name="input">Null: <see cref="DefaultInput"/>.</param>
    public NetworkSpec Create(int classes, InputSpec? input = null)
    {
        var image = input ?? DefaultInput;
        return new(image, [.. _layers(classes, image)]);
    }
}
