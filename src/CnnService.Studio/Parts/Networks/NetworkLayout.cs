using CnnService.Client;

namespace CnnService.Studio.Parts.Networks;

/// <summary>Where the layers of a network are drawn: from left to right, branches below each other.</summary>
internal static class NetworkLayout
{
    private static readonly HashSet<string> Followers =
        ["activation", "batchNormalization", "dropout", "prelu", "pRelu", "layerNormalization", "localResponseNormalization"];

    /// <summary>The blocks, in the order of the layers.</summary>
    public static IReadOnlyList<NetworkBlock> Arrange(IReadOnlyList<LayerSummary> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var uses = layers.SelectMany(layer => layer.Inputs).CountBy(name => name).ToDictionary();
        var blockOf = new Dictionary<string, int>();
        var groups = new List<List<LayerSummary>>();
        foreach (var layer in layers)
        {
            var isBehindOne = layer.Inputs.Count == 1 && blockOf.ContainsKey(layer.Inputs[0]) && uses[layer.Inputs[0]] == 1;
            if (Followers.Contains(layer.Type) && isBehindOne)
            {
                groups[blockOf[layer.Inputs[0]]].Add(layer);
                blockOf[layer.Name] = blockOf[layer.Inputs[0]];
                continue;
            }

            blockOf[layer.Name] = groups.Count;
            groups.Add([layer]);
        }

        return Place(groups, blockOf);
    }

    private static List<NetworkBlock> Place(List<List<LayerSummary>> groups, Dictionary<string, int> blockOf)
    {
        var blocks = new List<NetworkBlock>(groups.Count);
        var continued = new HashSet<int>(); // Blocks whose lane another has taken up already.
        var taken = new HashSet<(int Column, int Lane)>();
        foreach (var group in groups)
        {
            int[] inputs = [.. group[0].Inputs.Where(blockOf.ContainsKey).Select(name => blockOf[name])];
            var column = inputs.Length == 0 ? 0 : inputs.Max(index => blocks[index].Column) + 1;
            var free = inputs.Where(continued.Add).Select(index => blocks[index].Lane).DefaultIfEmpty(-1).Min();
            var lane = free >= 0 ? free : inputs.Length == 0 ? 0 : blocks[inputs[0]].Lane + 1;
            while (!taken.Add((column, lane)))
            {
                lane++;
            }

            blocks.Add(new(group, column, lane, inputs));
        }

        return blocks;
    }
}
