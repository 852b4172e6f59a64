namespace CnnService.Architecture.Tests.Rules;

/// <summary>Which files the folder of a visualization technique holds.</summary>
internal static class TechniqueRules
{
    /// <summary>
    /// What a technique consists of: the request as received, the validated plan, the numbers, the figure that is drawn, and the pipeline
    /// from a plan to its result. The files are named after the technique with one of these endings.
    /// </summary>
    public static readonly string[] Parts = ["Request", "Plan", "Figures", "Image", "Pipeline"];

    /// <summary>
    /// The parts that a technique lacks without permission, and permissions that are not needed, each in a sentence. A part may lie in a
    /// shared room, where another technique uses it too.
    /// </summary>
    /// <param name="files">Paths relative to the folder of all techniques, such as <c>Kernels/KernelPlan.cs</c>.</param>
    /// <param name="rooms">Folders that hold what several techniques use.</param>
    /// <param name="absent">Parts that may be absent, by technique.</param>
    public static IReadOnlyList<string> Violations(
        IReadOnlyCollection<string> files, IReadOnlyCollection<string> rooms, IReadOnlyDictionary<string, string[]> absent)
    {
        var folders = files.Where(file => file.Contains('/')).ToLookup(Folder, TypeName, StringComparer.Ordinal);
        var shared = folders.Where(folder => rooms.Contains(folder.Key)).SelectMany(types => types).ToHashSet(StringComparer.Ordinal);
        var techniques = folders.Where(folder => !rooms.Contains(folder.Key)).ToList();
        return
        [
            .. files.Where(file => !file.Contains('/')).Select(file => $"{file} lies in no folder."),
            .. techniques.SelectMany(technique => Violations(technique.Key, technique.ToHashSet(StringComparer.Ordinal), shared,
                absent.GetValueOrDefault(technique.Key, []))),
            .. absent.Keys.Where(name => techniques.TrueForAll(technique => technique.Key != name))
                .Select(name => $"{name} has permissions and no folder."),
        ];
    }

    private static IEnumerable<string> Violations(string technique, HashSet<string> own, HashSet<string> shared, string[] absent)
    {
        var stem = own.SelectMany(Stems).GroupBy(stem => stem, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;
        if (stem is null)
        {
            return [$"{technique} holds none of {string.Join(", ", Parts)}."];
        }

        return from part in Parts
               let type = stem.EndsWith(part, StringComparison.Ordinal) ? stem : stem + part
               let exists = own.Contains(type) || shared.Contains(type)
               where exists == absent.Contains(part)
               select exists ? $"{technique} has {type}.cs: it needs no permission to lack it." : $"{technique} lacks {type}.cs.";
    }

    private static IEnumerable<string> Stems(string type) =>
        Parts.Where(part => type.EndsWith(part, StringComparison.Ordinal)).Select(part => type[..^part.Length]);

    private static string Folder(string file) => file[..file.IndexOf('/', StringComparison.Ordinal)];

    private static string TypeName(string file) => Path.GetFileNameWithoutExtension(file);
}
