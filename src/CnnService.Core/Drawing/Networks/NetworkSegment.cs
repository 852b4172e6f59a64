using CnnService.Core.Models;

namespace CnnService.Core.Drawing.Networks;

/// <summary>
/// Nodes between two places where everything goes through one of them: a layer, or a block with its branches. Equal segments that follow
/// each other are one, repeated.
/// </summary>
/// <param name="Nodes">In order, with the index of each in the network.</param>
/// <param name="Times">How often it stands in the network, one behind the other.</param>
/// <param name="Last">Name of the last layer of the last repetition.</param>
internal sealed record NetworkSegment(IReadOnlyList<(int Index, NetworkNode Node)> Nodes, int Times, string Last)
{
    /// <summary>The row of each node: behind the last of those it takes. Rows without a node do not occur.</summary>
    public IReadOnlyList<int> Ranks()
    {
        var ranks = new Dictionary<int, int>();
        foreach (var (index, node) in Nodes)
        {
            ranks[index] = node.Inputs.Select(input => ranks.TryGetValue(input, out var rank) ? rank + 1 : 0).DefaultIfEmpty(0).Max();
        }

        return [.. Nodes.Select(node => ranks[node.Index])];
    }

    /// <summary>Cuts a network where a single node's output is all that goes on.</summary>
    public static IReadOnlyList<NetworkSegment> Cut(IReadOnlyList<NetworkNode> nodes)
    {
        int[] lastUse = [.. Enumerable.Range(0, nodes.Count).Select(i => nodes.Index().Where(node => node.Item.Inputs.Contains(i))
            .Select(node => node.Index).DefaultIfEmpty(i).Max())];
        List<NetworkSegment> segments = [];
        List<(int, NetworkNode)> open = [];
        for (var i = 0; i < nodes.Count; i++)
        {
            open.Add((i, nodes[i]));
            if (Enumerable.Range(0, i + 1).Count(source => lastUse[source] > i) <= 1)
            {
                Add(segments, new([.. open], 1, nodes[i].Layers.Count == 0 ? "" : nodes[i].Layers[^1].Name));
                open.Clear();
            }
        }

        if (open.Count > 0)
        {
            Add(segments, new(open, 1, open[^1].Item2.Layers[^1].Name));
        }

        return segments;
    }

    private static void Add(List<NetworkSegment> segments, NetworkSegment next)
    {
        if (segments.Count > 0 && segments[^1].Signature() == next.Signature())
        {
            segments[^1] = segments[^1] with { Times = segments[^1].Times + 1, Last = next.Last };
        }
        else
        {
            segments.Add(next);
        }
    }

    /// <summary>Equal for segments that do the same: kinds, shapes and connections, without names.</summary>
    private string Signature()
    {
        var first = Nodes[0].Index;
        return string.Join('|', Nodes.Select(node => string.Join(';', node.Node.Kind,
            node.Node.Layers.Count == 0 ? "image" : LayerText.Shape(node.Node.Layers[^1].OutputShape),
            string.Join(',', node.Node.Inputs.Select(input => ContentKey.Text(Math.Max(-1, input - first)))))));
    }
}
