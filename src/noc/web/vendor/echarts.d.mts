/** Types of what the NOC serves under this path out of node_modules. */
export * from 'echarts';
