using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>Which spellings of a class name are the same class.</summary>
internal static class ClassNames
{
    /// <summary>Unicode normalization form C without white space at the ends: what a file system may have decomposed or padded.</summary>
    public static string Normalize(string name) => NormalizationFormC.Normalize(name).Trim();

    /// <summary>The key under which names that differ in case only are one; names of one character are never merged.</summary>
    public static string Fold(string name)
    {
        var normal = Normalize(name);
        return new StringInfo(normal).LengthInTextElements < 2 ? normal : normal.ToUpperInvariant();
    }

    /// <summary>
    /// Merges classes that differ in case only into the spelling with the most images (of equal ones, the first in ordinal order), with a
    /// note for each.
    /// </summary>
    public static DatasetLayout Merge(DatasetLayout layout)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        var notes = new List<string>(layout.Notes);
        var spellings = layout.Placements.SelectMany(placement => placement.Names)
            .CountBy(name => name).GroupBy(pair => Fold(pair.Key)).Where(group => group.Count() > 1);
        foreach (var group in spellings.OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            string[] names = [.. group.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => pair.Key)];
            foreach (var name in names)
            {
                merged[name] = names[0];
            }

            notes.Add(
                $"{LayoutProblems.List(names)} differ in case only and are one class, '{names[0]}'; mergeCase=false keeps them apart.");
        }

        return merged.Count == 0
            ? layout
            : layout with
            {
                Notes = notes,
                Placements = [.. layout.Placements.Select(placement => placement.Rename(name => merged.GetValueOrDefault(name, name)))],
            };
    }
}
