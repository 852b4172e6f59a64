using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;

namespace CnnService.Core.Tests;

/// <summary>Small valid things for tests.</summary>
internal static class Some
{
    public static ResolvedNetwork Preset(string name, int classes, InputSpec? input = null)
    {
        Assert.True(PresetCatalog.TryFind(name, out var preset), name);
        return Network(preset.Create(classes, input), classes);
    }

    public static ResolvedNetwork Network(NetworkSpec spec, int classes = 2)
    {
        var errors = new ValidationErrors();
        var network = NetworkSpecValidator.Resolve(spec, classes, errors);
        Assert.False(errors.Any, string.Join('\n', errors.ToDictionary().Select(e => $"{e.Key}: {string.Join("; ", e.Value)}")));
        return network!;
    }
}
