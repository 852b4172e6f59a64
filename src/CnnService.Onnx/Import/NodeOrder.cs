using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>Puts the nodes of a graph in topological order: old exporters write them in any.</summary>
internal static class NodeOrder
{
    /// <summary>
    /// Sorts the nodes; among those that are ready, the first in the file comes first, so that a sorted graph stays as it is. Nodes in a
    /// circle, and those that depend on them, come last.
    /// </summary>
    public static void Sort(GraphProto graph)
    {
        var nodes = graph.Node.ToArray();
        var makers = Makers(nodes);
        var waiting = new int[nodes.Length];
        var users = new List<int>?[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            foreach (var maker in nodes[i].Input.Where(makers.ContainsKey).Select(input => makers[input]).Distinct())
            {
                waiting[i]++;
                (users[maker] ??= []).Add(i);
            }
        }

        var order = Order(waiting, users);
        if (!order.SequenceEqual(Enumerable.Range(0, nodes.Length)))
        {
            graph.Node.Clear();
            graph.Node.AddRange(order.Select(i => nodes[i]));
        }
    }

    /// <summary>The index of the node that gives each value; of the first where several do.</summary>
    private static Dictionary<string, int> Makers(NodeProto[] nodes)
    {
        var makers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < nodes.Length; i++)
        {
            foreach (var output in nodes[i].Output.Where(output => output.Length > 0))
            {
                makers.TryAdd(output, i);
            }
        }

        return makers;
    }

    private static List<int> Order(int[] waiting, List<int>?[] users)
    {
        var ready = new PriorityQueue<int, int>(
            Enumerable.Range(0, waiting.Length).Where(i => waiting[i] == 0).Select(i => (i, i)));
        var order = new List<int>(waiting.Length);
        while (ready.TryDequeue(out var next, out _))
        {
            order.Add(next);
            foreach (var user in users[next] ?? [])
            {
                if (--waiting[user] == 0)
                {
                    ready.Enqueue(user, user);
                }
            }
        }

        order.AddRange(Enumerable.Range(0, waiting.Length).Where(i => waiting[i] > 0));
        return order;
    }
}
